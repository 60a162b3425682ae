/**
 * An awareness state, the text of a JSON object, with the id of the user whose session sent it under the key `userId`. It
 * is not parsed: of a key that stands twice in an object JSON.parse takes the last.
 */
export function stampedState(state: string, userId: string): string {
  const members = state.slice(0, state.lastIndexOf('}'))
  const separator = /^\s*\{\s*$/.test(members) ? '' : ','
  return `${members}${separator}"userId":${JSON.stringify(userId)}}`
}
