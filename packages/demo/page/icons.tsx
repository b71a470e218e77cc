const paths = {
  back: "M15 5l-7 7 7 7",
  plus: "M12 5v14M5 12h14",
  send: "M12 19V5M6 11l6-6 6 6",
  more: "M5 12h.01M12 12h.01M19 12h.01",
  close: "M6 6l12 12M18 6L6 18",
  out: "M14 4h4a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2h-4M4 12h11M11 8l4 4-4 4",
  down: "M6 10l6 6 6-6",
  up: "M6 14l6-6 6 6",
  plane: "M10.5 21l1.5-1 1.5 1v-5.5l7.5 2v-2l-7.5-5V5a1.5 1.5 0 0 0-3 0v5.5L3 15.5v2l7.5-2z",
  pin: "M9 4h6l-1 6 4 4H6l4-4zM12 14v7",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l2 2H4zM10 21h4M3 3l18 18",
  check: "M5 13l4 4L19 7",
  checks: "M2 13l4 4L16 7M11 16l1 1L22 7",
  clock: "M12 7v5l3 2M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z",
  door: "M5 21V4l9-1v18M14 5h5v16M3 21h18M10.5 12h.01",
  pen: "M4 20l1-4L16 5l3 3L8 19zM14 7l3 3",
  group:
    "M9 11a3.5 3.5 0 1 0 0-7a3.5 3.5 0 1 0 0 7zM2 20a7 7 0 0 1 14 0M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.5a7 7 0 0 1 4 5.5",
} as const;

export function Icon({ name }: { name: keyof typeof paths }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className="icon">
      <path d={paths[name]} />
    </svg>
  );
}

interface IconButtonProps {
  icon: keyof typeof paths;
  label: string;
  onClick(): void;
  isPressed?: boolean;
  /** False: reached by other keys than Tab. */
  isTabStop?: boolean;
  className?: string;
}

export function IconButton({
  icon,
  label,
  onClick,
  isPressed,
  isTabStop = true,
  className = "",
}: IconButtonProps) {
  return (
    <button
      type="button"
      className={`icon-button ${className}`}
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      tabIndex={isTabStop ? undefined : -1}
      onClick={onClick}
    >
      <Icon name={icon} />
    </button>
  );
}
