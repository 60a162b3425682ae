import { readFileSync, writeFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second wherever it shows it to programs. */
const MILLISECONDS_PER_TICK = 10

/** Processor time that a process has taken so far, all its threads and the kernel's work for it, in milliseconds. */
export function processorTimeOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name of the program may hold spaces and parentheses; what is behind it does not.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return (Number(fields[11]) + Number(fields[12])) * MILLISECONDS_PER_TICK
}

/** How long the main thread of a process has wanted a processor and got none, so far, in milliseconds. */
export function waitingTimeOf(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1_000_000
}

/** Memory of a process that is in RAM, in KiB: now, and the most since the last `resetPeakOf`. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1])
  return { now: read('VmRSS'), peak: read('VmHWM') }
}

/** Lets the peak begin anew at what is taken now. */
export function resetPeakOf(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5')
}
