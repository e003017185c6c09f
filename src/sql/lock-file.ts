import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { DatabaseOpenError } from './database-open-error.ts'

interface Owner {
  readonly pid: number
  readonly host: string
  /** Tells a process from a later one with the same pid; null where the system does not say. */
  readonly bornAt: string | null
  readonly id: string
}

/**
 * Takes the lock file at `path`, which guards `folder`, for this process. Resolves to what releases
 * it (idempotent). A lock whose process is gone is taken over; one whose process lives, or runs on
 * another machine where that cannot be seen, throws `DatabaseOpenError` naming folder and pid.
 */
export async function acquireLockFile(
  path: string,
  { folder }: { readonly folder: string },
): Promise<() => Promise<void>> {
  await makeFolder(dirname(path))
  const self: Owner = {
    pid: process.pid,
    host: hostname(),
    bornAt: await readBirth(process.pid),
    id: randomUUID(),
  }
  for (let attempt = 0; attempt < maxAttempts; attempt += 1) {
    if (await createExclusively(path, JSON.stringify(self))) return () => release(path, self)
    const owner = await readOwner(path)
    if (owner && (await isAlive(owner))) throw new DatabaseOpenError(explain(owner, folder, path))
    await removeStale(path)
    await pause(retryMs)
  }
  throw new DatabaseOpenError(
    `Cannot lock ${folder}: ${path} keeps changing. Is another process starting on it?`,
  )
}

const maxAttempts = 40
const retryMs = 25
/** A file younger than this may still be in the hands of the process that created it. */
const settlingMs = 500

/**
 * Removes a lock that nobody holds. Of several processes that find it stale only the one with the
 * guard removes it, after looking again, so that nobody removes a lock that was just taken.
 */
async function removeStale(path: string): Promise<void> {
  const guard = `${path}.takeover`
  if (!(await createExclusively(guard, String(process.pid)))) {
    if (await isOlderThan(guard, 10 * settlingMs)) await rm(guard, { force: true })
    return
  }
  try {
    const owner = await readOwner(path)
    const isStale = owner ? !(await isAlive(owner)) : await isOlderThan(path, settlingMs)
    if (isStale) await rm(path, { force: true })
  } finally {
    await rm(guard, { force: true })
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new DatabaseOpenError(`Cannot make the folder ${folder}: ${String(error)}`, {
      cause: error,
    })
  }
}

async function createExclusively(path: string, content: string): Promise<boolean> {
  try {
    await writeFile(path, content, { flag: 'wx' })
    return true
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false
    throw new DatabaseOpenError(`Cannot write ${path}: ${String(error)}`, { cause: error })
  }
}

async function release(path: string, self: Owner): Promise<void> {
  const owner = await readOwner(path)
  if (owner?.id === self.id) await rm(path, { force: true })
}

/** Undefined for a file that is gone, half written or not ours to read. */
async function readOwner(path: string): Promise<Owner | undefined> {
  try {
    const owner: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isOwner(owner) ? owner : undefined
  } catch {
    return undefined
  }
}

function isOwner(value: unknown): value is Owner {
  return (
    typeof value === 'object' &&
    value !== null &&
    'pid' in value &&
    typeof value.pid === 'number' &&
    'host' in value &&
    'id' in value
  )
}

async function isAlive(owner: Owner): Promise<boolean> {
  if (owner.host !== hostname()) return true
  try {
    process.kill(owner.pid, 0)
  } catch (error) {
    // EPERM: it lives, under another user.
    return hasCode(error, 'EPERM')
  }
  return owner.bornAt === (await readBirth(owner.pid))
}

/**
 * On Linux, the boot and the tick at which a process started, `ended` for one that only waits for
 * its parent to notice its end; null elsewhere.
 */
async function readBirth(pid: number): Promise<string | null> {
  try {
    const status = await readFile(`/proc/${pid}/stat`, 'utf8')
    const boot = await readFile('/proc/sys/kernel/random/boot_id', 'utf8')
    // The name in parentheses may hold anything; the state and the start time come after it.
    const fields = status.slice(status.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'ended' : `${boot.trim()}:${fields[19]}`
  } catch {
    return null
  }
}

async function isOlderThan(path: string, ageMs: number): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > ageMs
  } catch {
    return false
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}

function explain(owner: Owner, folder: string, path: string): string {
  if (owner.host !== hostname()) {
    return (
      `${folder} is locked by process ${owner.pid} on ${owner.host}. ` +
      `If that one has ended, delete ${path}.`
    )
  }
  return (
    `${folder} is in use by process ${owner.pid}. ` +
    'Stop it, or set LOADLINE_DATA_DIR to another folder.'
  )
}
