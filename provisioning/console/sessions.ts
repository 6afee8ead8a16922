/** Who is logged in where, as logind writes it down. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether somebody is logged in on a terminal, as `ttyS0`. */
export async function hasSession(tty: string, folder = '/run/systemd/sessions'): Promise<boolean> {
  const names = await readdir(folder).catch(() => [])
  // A session may end while the folder is read; names with a dot are pipes and files being written.
  const texts = await Promise.all(
    names.filter(name => !name.includes('.')).map(name => readFile(join(folder, name), 'utf8').catch(() => '')),
  )
  return texts.some(text => text.split('\n').includes(`TTY=${tty}`) && !text.split('\n').includes('STATE=closing'))
}
