// prettier-ignore
const adjectives = [
  'amber', 'ample', 'bold', 'brave', 'brief', 'bright', 'brisk', 'calm', 'candid', 'clear', 'clever', 'cosy', 'crisp',
  'daring', 'deep', 'eager', 'early', 'easy', 'fair', 'fast', 'fine', 'firm', 'fond', 'free', 'fresh', 'gentle',
  'glad', 'golden', 'good', 'grand', 'green', 'happy', 'honest', 'humble', 'keen', 'kind', 'lively', 'lucky', 'mellow',
  'merry', 'mild', 'neat', 'noble', 'open', 'patient', 'plain', 'polite', 'proud', 'quick', 'quiet', 'rapid', 'ready',
  'round', 'silent', 'silver', 'simple', 'smart', 'smooth', 'snug', 'soft', 'steady', 'sunny', 'swift', 'warm',
] as const

// prettier-ignore
const nouns = [
  'acorn', 'apple', 'badger', 'beacon', 'birch', 'breeze', 'bridge', 'brook', 'canyon', 'cedar', 'cherry', 'cloud',
  'clover', 'comet', 'coral', 'crane', 'creek', 'dawn', 'delta', 'dune', 'falcon', 'fern', 'field', 'finch', 'fjord',
  'forest', 'garden', 'glade', 'harbor', 'hazel', 'heron', 'hill', 'island', 'ivy', 'lagoon', 'lake', 'lantern',
  'linden', 'lotus', 'maple', 'meadow', 'moon', 'oak', 'olive', 'orchard', 'otter', 'pebble', 'pine', 'planet',
  'pond', 'poppy', 'quartz', 'rain', 'raven', 'reef', 'river', 'robin', 'shore', 'sky', 'sparrow', 'stone', 'tulip',
  'valley', 'willow',
] as const

/** Base 32 without letters that are easily mistaken for digits (Crockford's). */
const digits = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A name for a new document that can be read out, "calm-river-7k2m9q": 64 × 64 × 32⁶, so some 42 bits. Two new
 * documents do not meet by chance, but it is no secret. `random` is a source of random bytes.
 */
export function randomName(random: (bytes: number) => Uint8Array): string {
  const [adjective = 0, noun = 0, ...rest] = random(8)
  const suffix = rest.map((byte) => digits[byte % digits.length]).join('')
  return [adjectives[adjective % adjectives.length], nouns[noun % nouns.length], suffix].join('-')
}
