/** What can stand behind `language-` in a class: "js", "c++", "objective-c". */
const LANGUAGE = /^[\w+#.-]{1,40}$/

/** The language of a code block; null if it has none, or what is there is none. Never throws. */
export function readCodeLanguage(language: unknown): string | null {
  return typeof language === 'string' && LANGUAGE.test(language) ? language : null
}
