#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Command, CommanderError, Option } from 'commander'
import { pino } from 'pino'
import { IMPORT_SOURCES, ImportProblem } from '../document/import/index.ts'
import { PersistenceError } from '../persistence/index.ts'
import { compact, compactInWords } from './compact.ts'
import {
  ConfigError,
  readFolderConfig,
  readImportConfig,
  readInspectConfig,
  readServeConfig,
  type FolderFlags,
  type ImportFlags,
  type InspectFlags,
} from './config.ts'
import { NoSuchMoment } from './history/rebuild.ts'
import { importFile, summaryInWords } from './import.ts'
import { inspect, inspectionInWords, isDamaged, NoSuchDocument } from './inspect.ts'
import { repair, repairInWords } from './repair.ts'
import { serve } from './serve.ts'
import { settings, type Flags, type Setting } from './settings.ts'
import { stopAtSignals } from './stop-signals.ts'
import { DocumentExists } from './store-import.ts'

/** The exit code for what the caller must mend: a flag, a variable. */
const EXIT_USAGE = 2
const EXIT_FAILURE = 1

// This file runs as dist/server/main.js.
const appDir = fileURLToPath(new URL('../app', import.meta.url))

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : ''
}

async function runServe(flags: Flags): Promise<void> {
  const config = readServeConfig(flags)
  // Standard output has the address only; the log, one JSON object a line, goes to standard error.
  const logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }))
  const server = await serve(config, { appDir, logger, version: version() })
  const where = server.address === server.url ? '' : `, and listens at ${server.address}`
  process.stdout.write(`Codraft is at ${server.url}${where}\n`)

  stopAtSignals(server, logger)
}

function createProgram(): Command {
  const program = new Command('codraft')
    .description('A collaborative document editor that people host themselves.')
    .version(version())
    .exitOverride()
  const command = program
    .command('serve')
    .description('serve the editor and keep its documents')
    .exitOverride()
  for (const setting of Object.values(settings))
    command.addOption(optionOf(setting).helpGroup(`${setting.group}:`))
  command.action((flags: Flags) => runServe(flags))
  program
    .command('import')
    .description("make a document of another editor's Yjs update, while no server has the data folder open")
    .argument('<file>', 'the update, as Y.encodeStateAsUpdate gives it; - is standard input')
    .requiredOption('--from <editor>', `whose document it is: ${IMPORT_SOURCES.join(', ')}`)
    .requiredOption('--document <name>', 'name of the document to make')
    .option('--fragment <name>', "name of the Y.XmlFragment in the file (default: the editor's usual one)")
    .addOption(optionOf(settings.data))
    .option('--json', 'print the summary as JSON')
    .exitOverride()
    .action((file: string, flags: ImportFlags & { readonly json?: boolean }) => runImport(file, flags))
  addFolderCommand(program, 'inspect', 'show what a data folder holds, and what is damaged in it')
    .option('--document <name>', 'show this document only')
    .option(
      '--at <moment>',
      'show its text after an entry (12) or at a time (2026-11-20T18:30:00Z), and who wrote it',
    )
    .option('--history', 'list the entries of its history')
    .action((flags: InspectFlags) => runInspect(flags))
  addFolderCommand(
    program,
    'compact',
    'fold what was written into snapshots and history, and give back the space',
  )
    .option('--document <name>', 'fold this document only')
    .action((flags: FolderFlags) => runCompact(flags))
  addFolderCommand(
    program,
    'repair',
    'make damaged documents open again, with all that can be read of them',
  ).action((flags: FolderFlags) => runRepair(flags))
  return program
}

/** Adds a command for a data folder that no server has open. */
function addFolderCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(`${description}, while no server has it open`)
    .addOption(optionOf(settings.data))
    .option('--json', 'print the result as JSON')
    .exitOverride()
}

async function runInspect(flags: InspectFlags): Promise<void> {
  const inspection = await inspect(readInspectConfig(flags))
  print(flags, inspection, inspectionInWords)
  if (isDamaged(inspection)) process.exitCode = EXIT_FAILURE
}

async function runCompact(flags: FolderFlags): Promise<void> {
  const summary = await compact(readFolderConfig(flags))
  print(flags, summary, compactInWords)
  if (summary.skipped.length > 0) process.exitCode = EXIT_FAILURE
}

async function runRepair(flags: FolderFlags): Promise<void> {
  print(flags, await repair(readFolderConfig(flags)), repairInWords)
}

function print<T>({ json }: { readonly json?: boolean }, result: T, inWords: (result: T) => string): void {
  process.stdout.write(`${json === true ? JSON.stringify(result) : inWords(result)}\n`)
}

function optionOf({ flag, value, variable, initial, description }: Setting): Option {
  const origin = initial === '' ? `env ${variable}` : `default ${initial}, env ${variable}`
  return new Option(`${flag} <${value}>`, `${description} (${origin})`)
}

async function runImport(file: string, flags: ImportFlags & { readonly json?: boolean }): Promise<void> {
  print(flags, await importFile(readImportConfig(file, flags)), summaryInWords)
}

/** Says what went wrong in one line where it is not a fault in Codraft itself, and returns the exit code. */
function report(error: unknown): number {
  // Commander has said what it had to say, `--help` and `--version` included.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE
  if (error instanceof ConfigError) {
    process.stderr.write(`codraft: ${error.message}\n`)
    return EXIT_USAGE
  }
  if (isOfTheWorld(error)) process.stderr.write(`codraft: ${error.message}\n`)
  else process.stderr.write(`codraft: ${error instanceof Error ? error.stack : String(error)}\n`)
  return EXIT_FAILURE
}

/** Whether what happened is no fault in Codraft itself: storage, files, ports. */
function isOfTheWorld(error: unknown): error is Error {
  const kinds = [PersistenceError, ImportProblem, DocumentExists, NoSuchDocument, NoSuchMoment]
  return kinds.some((kind) => error instanceof kind) || isSystemError(error)
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error
}

try {
  await createProgram().parseAsync()
} catch (error) {
  process.exitCode = report(error)
}
