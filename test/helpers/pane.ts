/** A terminal of tmux with a program in it: keys are pressed as a person does, and its screen is read. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ExecutionContext } from 'ava'
import type { Size } from '../../provisioning/console/view.ts'
import { until } from './wait.ts'

const run = promisify(execFile)

export interface Pane {
  /** Keys by tmux's names: `F2`, `Enter`, `C-u`. */
  press(...keys: string[]): Promise<void>
  /** Text to the letter. */
  type(text: string): Promise<void>
  /** Bytes to the letter, as other terminals than this one send them. */
  send(...bytes: number[]): Promise<void>
  resize(size: Size): Promise<void>
  /** The screen as text, a line a row, once it fits; rejects after a while with what was there instead. */
  see(pattern: RegExp): Promise<string>
  hasEnded(): Promise<boolean>
  /** The device of the terminal, as `/dev/pts/3`. */
  tty(): Promise<string>
  /** Hangs the terminal up. */
  close(): Promise<void>
}

/** A server of its own, which ends with the test. */
export async function openPane(t: ExecutionContext, command: readonly string[], size: Size): Promise<Pane> {
  const folder = await mkdtemp(join(tmpdir(), 'pane-'))
  const config = join(folder, 'tmux.conf')
  await writeFile(config, 'set -g status off\nset -g escape-time 0\nset -g remain-on-exit on\n')
  const tmux = async (...args: string[]): Promise<string> =>
    (await run('tmux', ['-S', join(folder, 'socket'), '-f', config, ...args])).stdout
  await tmux('new-session', '-d', '-x', `${size.columns}`, '-y', `${size.rows}`, ...command)
  t.teardown(async () => {
    // It may have been closed before.
    await tmux('kill-server').catch(() => {})
    await rm(folder, { recursive: true })
  })

  const capture = () => tmux('capture-pane', '-p')
  return {
    press: async (...keys) => void (await tmux('send-keys', ...keys)),
    type: async text => void (await tmux('send-keys', '-l', text)),
    send: async (...bytes) => void (await tmux('send-keys', '-H', ...bytes.map(byte => byte.toString(16)))),
    resize: async ({ columns, rows }) => void (await tmux('resize-window', '-x', `${columns}`, '-y', `${rows}`)),
    see: async pattern => {
      let screen = ''
      const isThere = async () => {
        screen = await capture()
        return pattern.test(screen) && screen
      }
      return until(`${pattern}`, isThere, 30_000).catch(thrown => {
        throw new Error(`${pattern} is not on the screen:\n${screen}`, { cause: thrown })
      })
    },
    hasEnded: async () => (await tmux('display-message', '-p', '#{pane_dead}')).trim() === '1',
    tty: async () => (await tmux('display-message', '-p', '#{pane_tty}')).trim(),
    close: async () => void (await tmux('kill-server')),
  }
}
