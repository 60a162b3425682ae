import { spawn } from 'node:child_process'

/** How long a process may take to exit, in milliseconds. */
const EXIT_TIMEOUT = 1_000

/** Run by a process of its own: kills the one that started it, if that is still there. */
const KILL_PARENT = `
  const parent = process.ppid
  setTimeout(() => { if (process.ppid === parent) process.kill(parent, 'SIGKILL') }, ${EXIT_TIMEOUT})
`

/**
 * Ends this process although a write may hang: `process.exit` waits for all threads, for ever if need be, and then nobody
 * in here can do anything. So somebody else does: the exit code is then that of SIGKILL, 137.
 */
export function endProcessByForce(code: number): never {
  spawn(process.execPath, ['-e', KILL_PARENT], { stdio: 'ignore', detached: true }).unref()
  process.exit(code)
}
