import { collectDefaultMetrics, Registry } from 'prom-client'

let registry: Registry | null = null

/** The process's own metrics (memory, CPU, event-loop delay, garbage collection), once for all servers that it runs. */
export function processMetrics(): Registry {
  if (registry === null) {
    registry = new Registry()
    collectDefaultMetrics({ register: registry })
  }
  return registry
}
