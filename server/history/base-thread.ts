import { parentPort, workerData } from 'node:worker_threads'
import { makeHere, type BaseMaterial } from './make-base.ts'

// A thread that makes one base (make-base.ts) and ends. What it is started with comes from there alone.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const material = workerData as BaseMaterial
// A thread's port has no origins, unlike a window.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(makeHere(material))
