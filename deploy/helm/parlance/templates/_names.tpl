{{- define "parlance.labels" -}}
app.kubernetes.io/name: parlance
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "parlance.secret" -}}
{{ .Values.connect.existingSecret | default .Release.Name }}
{{- end }}
