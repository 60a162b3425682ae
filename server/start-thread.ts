import { Worker, type WorkerOptions } from 'node:worker_threads'

/** Starts the module of a name, given without its ending, that lies beside another, in a thread of its own. */
export function startThread(name: string, beside: string, options: WorkerOptions): Worker {
  // Compiled it is JavaScript; where tests run the sources it is not, and a thread does not have their loader.
  if (!beside.endsWith('.ts')) return new Worker(new URL(`${name}.js`, beside), options)
  const url = JSON.stringify(new URL(`${name}.ts`, beside))
  const start = `import('tsx/esm/api').then(({ register }) => (register(), import(${url})))`
  return new Worker(start, { ...options, eval: true })
}
