import { Worker } from 'node:worker_threads'

/**
 * Starts the module of a name, given without its ending, that lies beside another, in a thread of its own. It finds the data,
 * copied, as its `workerData`.
 */
export function startThread(name: string, beside: string, workerData: unknown): Worker {
  // Compiled it is JavaScript; where tests run the sources it is not, and a thread does not have their loader.
  if (!beside.endsWith('.ts')) return new Worker(new URL(`${name}.js`, beside), { workerData })
  const url = JSON.stringify(new URL(`${name}.ts`, beside))
  const start = `import('tsx/esm/api').then(({ register }) => (register(), import(${url})))`
  return new Worker(start, { eval: true, workerData })
}
