/** How large the server's document has become, in bytes as it is stored there. */
export interface DocumentSize {
  readonly bytes: number
  /** From here on nothing can be added to it. */
  readonly limit: number
}
