/** The local socket as a file: who may open it is admin, so its owner, group and mode decide that. */
import { chmod, chown, lstat, readFile, unlink } from 'node:fs/promises'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import { dirname } from 'node:path'
import type { SocketPlace } from './config/socket.ts'
import { messageOf } from './core/errors.ts'

/** Whose members are let in. */
export const adminGroup = 'dispatch'

interface LocalListening extends SocketPlace {
  server: Server
  log: { info(message: string): void; warn(message: string): void }
  /** Lines as in /etc/group. */
  groupsFile?: string
}

/** undefined when there is no such group. */
async function findGroupId(groupsFile: string): Promise<number | undefined> {
  const text = await readFile(groupsFile, 'utf8').catch(() => '')
  const fields = text.split('\n').map(line => line.split(':'))
  const id = fields.find(([name]) => name === adminGroup)?.[2]
  return id === undefined ? undefined : Number(id)
}

/** A server that is too busy to answer gives an error too, of another code. */
const isDead = (path: string): Promise<boolean> =>
  new Promise(done => {
    const probe = connect(path)
    probe.once('connect', () => {
      probe.destroy()
      done(false)
    })
    probe.once('error', (error: NodeJS.ErrnoException) => done(['ECONNREFUSED', 'ENOENT'].includes(error.code ?? '')))
  })

/** What a server left that was killed; never what another one listens on, and nothing but sockets. */
async function clearAway(path: string): Promise<void> {
  const found = await lstat(path).catch(() => undefined)
  if (!found) return
  if (!found.isSocket()) throw new Error('a file that is no socket is there')
  if (!(await isDead(path))) throw new Error('another server listens there')
  await unlink(path)
}

/** Open to nobody but its owner until it is known who else may. */
function listenClosed(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const before = process.umask(0o177)
    try {
      server.once('error', reject)
      server.listen(path, () => {
        server.off('error', reject)
        resolve()
      })
    } finally {
      process.umask(before)
    }
  })
}

/** A server that runs as root gives the socket to the group; any other one has to be of that group itself. */
async function openToGroup(path: string, groupsFile: string): Promise<boolean> {
  const groupId = await findGroupId(groupsFile)
  if (groupId === undefined) return false
  const { uid, gid } = await lstat(path)
  if (gid !== groupId && process.getuid?.() !== 0) return false
  if (gid !== groupId) await chown(path, uid, groupId)
  await chmod(path, 0o660)
  return true
}

const isDirectory = (path: string): Promise<boolean> =>
  lstat(path).then(
    found => found.isDirectory(),
    () => false,
  )

/** Without the directory of the default place, which packages make, there is no socket. */
export async function listenLocally(listening: LocalListening): Promise<void> {
  const { server, path, isDefault, log, groupsFile = '/etc/group' } = listening
  if (isDefault && !(await isDirectory(dirname(path)))) return
  try {
    await clearAway(path)
    await listenClosed(server, path)
    const isOpen = await openToGroup(path, groupsFile)
    const who = isOpen ? `members of group ${adminGroup}` : "this server's own user"
    log.info(`Dispatch HTTP server: serving HTTP traffic at unix:${path}, for root and ${who}`)
  } catch (thrown) {
    const problem = `the local socket cannot be opened at ${path}: ${messageOf(thrown)}; choose another path with --socket, or none`
    if (!isDefault) throw new Error(problem, { cause: thrown })
    log.warn(problem)
  }
}
