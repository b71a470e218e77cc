/**
 * What the sender of a message wants of the notifications that people get who are offline. It travels with the message
 * (`SendMessage.push`) and is kept until they are sent, at most an hour; it is no part of the message. Everything absent:
 * the usual for the message's type, which for a type of the app's own is that nobody is notified.
 */
export interface PushWish {
  /** True: nobody is notified. Absent or false: the usual. */
  isDisabled?: boolean;
  /** The notification's text instead of the type's own; at most 4096 characters are kept. */
  text?: string;
  /** For the app that is woken, given on as it is; at most 4096 characters. */
  data?: string;
  /** Instead of the sender's or the group's name; at most 100 characters. */
  title?: string;
  /** The text is shown even to users who hide the details of their notifications. */
  forcesDetails?: boolean;
  /** The number on the app's icon, -1 to 9999; -1 leaves it as it is. Absent: the receiver's unread messages. */
  badge?: number;
  /** The app is woken in the background, besides. */
  isContentAvailable?: boolean;
  /** A template of the app's, for the provider. */
  templateId?: string;
  /** What single providers understand: by their name (`APNs`, `FCM`, `HW`, …), as the sender gave it. */
  providers?: Record<string, Record<string, unknown>>;
}
