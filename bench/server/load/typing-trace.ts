import { existsSync, mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import * as Y from 'yjs'
import { Random } from '../../random.ts'

/** `[position, characters deleted, text inserted]`. */
type Patch = readonly [number, number, string]

interface Trace {
  readonly endContent: string
  readonly txns: readonly { readonly patches: readonly Patch[] }[]
}

/** The name of the text that is typed. */
const TEXT = 'text'
const CLIENT = 1_000_000_007
const GENERATED_KEYSTROKES = 260_000

/** How a document was typed, as Yjs would have sent it. */
export interface TypedDocument {
  /** One for each keystroke. */
  readonly updates: readonly Uint8Array[]
  /** All of it, when the last was typed. */
  readonly state: Uint8Array
  readonly text: string
}

/**
 * The keyboard trace of a paper (automerge-paper of josephg/editing-traces: `CODRAFT_TRACES` names its folder, by default
 * ../shared/data/traces), or one of about that length made from a seed where it is missing. Typing it into Yjs takes
 * some seconds, so the updates are kept in the folder for temporary files.
 */
export function typedPaper(): TypedDocument {
  const path = cachePath('paper')
  if (!existsSync(path)) {
    const updates: Uint8Array[] = []
    const doc = typeTrace(readTrace(), CLIENT, (update) => updates.push(update))
    keep(path, [Y.encodeStateAsUpdate(doc), ...updates])
    doc.destroy()
  }
  const [state = new Uint8Array(0), ...updates] = readKept(path)
  return { updates, state, text: textOf(state) }
}

/** The state of a document of about so many bytes: the paper, from its beginning, as often as it takes, typed by one after the other. */
export function documentOf(bytes: number): Uint8Array {
  const path = cachePath(`state-${bytes}`)
  if (!existsSync(path)) keep(path, [buildDocument(bytes)])
  const [state] = readKept(path)
  if (state === undefined) throw new Error(`${path} is empty`)
  return state
}

/** The text of a document that was typed here. */
export function textOf(state: Uint8Array): string {
  const doc = new Y.Doc()
  Y.applyUpdate(doc, state)
  return doc.getText(TEXT).toJSON()
}

function buildDocument(bytes: number): Uint8Array {
  const { txns } = readTrace()
  const doc = new Y.Doc()
  const text = doc.getText(TEXT)
  for (let client = CLIENT; ; client++) {
    doc.clientID = client
    const start = text.length
    for (const [i, { patches }] of txns.entries()) {
      apply(text, patches, start)
      if (i % 5_000 === 0 && Y.encodeStateAsUpdate(doc).length >= bytes) return Y.encodeStateAsUpdate(doc)
    }
  }
}

function typeTrace(
  { txns }: Pick<Trace, 'txns'>,
  client: number,
  onUpdate: (update: Uint8Array) => void,
): Y.Doc {
  const doc = new Y.Doc()
  doc.clientID = client
  doc.on('update', onUpdate)
  const text = doc.getText(TEXT)
  for (const { patches } of txns) apply(text, patches, 0)
  return doc
}

function apply(text: Y.Text, patches: readonly Patch[], start: number): void {
  text.doc?.transact(() => {
    for (const [position, deleted, inserted] of patches) {
      if (deleted > 0) text.delete(start + position, deleted)
      if (inserted !== '') text.insert(start + position, inserted)
    }
  })
}

function readTrace(): Pick<Trace, 'txns'> {
  const path = tracePath()
  return existsSync(path)
    ? (JSON.parse(gunzipSync(readFileSync(path)).toString()) as Trace)
    : { txns: generateTrace() }
}

function tracePath(): string {
  const folder = process.env['CODRAFT_TRACES'] ?? join(import.meta.dirname, '../../../../shared/data/traces')
  return join(folder, 'automerge-paper.json.gz')
}

/** Whether there is a real one. */
export function hasTrace(): boolean {
  return existsSync(tracePath())
}

/** Somebody writes runs of letters, mostly at the end, and takes back every tenth. */
function generateTrace(): Trace['txns'] {
  const random = new Random(1)
  let length = 0
  let position = 0
  return Array.from({ length: GENERATED_KEYSTROKES }, () => {
    if (random.next() < 0.01) position = random.next() < 0.5 ? length : random.below(length + 1)
    if (random.next() < 0.1 && position > 0) {
      position--
      length--
      return { patches: [[position, 1, ''] as const] }
    }
    length++
    return { patches: [[position++, 0, String.fromCharCode(97 + random.below(26))] as const] }
  })
}

/** Another trace, or another form of it, is another file. */
function cachePath(name: string): string {
  const folder = join(tmpdir(), `codraft-bench-cache-${userInfo().username}`)
  mkdirSync(folder, { recursive: true })
  return join(folder, `${name}-${hasTrace() ? statSync(tracePath()).size : 'generated'}`)
}

function keep(path: string, parts: readonly Uint8Array[]): void {
  const bytes = encoding.encode((encoder) => {
    for (const part of parts) encoding.writeVarUint8Array(encoder, part)
  })
  writeFileSync(`${path}.${process.pid}`, bytes)
  renameSync(`${path}.${process.pid}`, path)
}

function readKept(path: string): Uint8Array[] {
  const decoder = decoding.createDecoder(readFileSync(path))
  const parts: Uint8Array[] = []
  while (decoding.hasContent(decoder)) parts.push(decoding.readVarUint8Array(decoder))
  return parts
}
