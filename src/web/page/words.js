// The page's own words: reactions, people, times, and what a place is for.

export const BOT = "countersign";

/** Reactions one can choose, and what they mean. */
const REACTIONS = new Map([
  ["✅", "sign"],
  ["❌", "decline"],
  ["✋", "hold"],
  ["🛑", "stop everything"],
  ["✋🏽", "hold, medium skin tone"],
  ["✋🏿", "hold, dark skin tone"],
  ["✔️", "sign, check mark"],
  ["👍", "thumbs up"],
  ["👀", "looking"],
  ["🎉", "well done"],
  ["❤️", "heart"],
]);

export const PICKER = [...REACTIONS.keys()];

export const reactionName = (emoji) => REACTIONS.get(emoji) ?? "reaction";

/** "✅ sign, 1: Dr. Rao": what a screen reader says of a reaction. */
export function reactionLabel(emoji, names) {
  const what = `${emoji} ${reactionName(emoji)}`;
  return names.length ? `${what}, ${names.length}: ${names.join(", ")}` : `${what}, nobody yet`;
}

/** Two letters for an avatar: "Dr. Rao" is R, "Ana Silva" is AS. */
export function initials(name) {
  const words = name.replace(/^(Dr|Mr|Mrs|Ms)\.?\s+/i, "").split(/\s+/).filter(Boolean);
  return words.slice(0, 2).map((word) => [...word][0].toUpperCase()).join("");
}

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit" });
const DAY = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const WHOLE = new Intl.DateTimeFormat(undefined, { dateStyle: "full", timeStyle: "short" });

export const clock = (at) => CLOCK.format(new Date(at));
export const wholeTime = (at) => WHOLE.format(new Date(at));

export function day(at) {
  const date = new Date(at);
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return "Today";
  if (date.toDateString() === yesterday.toDateString()) return "Yesterday";
  return DAY.format(date);
}

export const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;

const EMPTY = {
  ideas: {
    title: "Every post begins as an idea",
    steps: [
      "Write one below, as Tomas at the front desk: “Flu shots this Saturday 9 to 12, no appointment needed.”",
      "Countersign looks at it and asks what to do. Act as Maya and press Make a post, then Send for signature.",
      "Act as Dr. Rao, open approvals and sign with ✅. What was signed then stands on the Practice page.",
    ],
  },
  approvals: {
    title: "Nothing waits for a signature",
    steps: ["A post appears here when somebody sends it for signature. Start with an idea in the ideas channel."],
  },
  digest: {
    title: "No digest yet",
    steps: ["Each morning Countersign says here what went out and how it was received."],
  },
  page: {
    title: "Nothing is published yet",
    steps: ["A post stands here once the physician the practice asks for has signed exactly what is published. Start with an idea in the ideas channel."],
  },
  other: { title: "Nothing here yet", steps: ["Write the first message below."] },
};

export const emptyWords = (place) => EMPTY[place] ?? EMPTY.other;

const PLACEHOLDERS = { ideas: "An idea for a post…", approvals: "Write here, or /post help", digest: "Write here, or /post stats" };

export const placeholder = (channel) => PLACEHOLDERS[channel] ?? "Write here";
