/** Files as a tar for the appliance: no folders (whose modes the base has), owner root, one time; the same files, the same bytes. */
import { cp, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Command, Shell } from './shell.ts'

/** `target` is relative to the appliance's root. */
export type FileToPack = { readonly source: string; readonly target: string }

export async function stageFiles(stage: string, files: readonly FileToPack[]): Promise<void> {
  for (const { source, target } of files) {
    await mkdir(dirname(join(stage, target)), { recursive: true })
    await cp(source, join(stage, target))
  }
}

export type FilesTar = {
  /** The folder that stands for the root. */
  readonly stage: string
  readonly tar: string
  readonly epoch: number
}

export async function packFiles(shell: Shell, files: FilesTar): Promise<void> {
  const find = ['find', '.', '-mindepth', '1', '!', '-type', 'd', '-printf', '%P\\n']
  const names = (await shell.run(find, { cwd: files.stage })).trim().split('\n').sort()
  await shell.run(planFilesTar(files), { input: `${names.join('\n')}\n` })
}

export function planFilesTar({ stage, tar, epoch }: FilesTar): Command {
  return [
    ...['tar', '-C', stage, '--format=posix', '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime'],
    ...['--owner=0', '--group=0', '--numeric-owner', '--mode=u=rwX,go=rX', `--mtime=@${epoch}`],
    ...['--no-recursion', '--files-from=-', '-cf', tar],
  ]
}
