/** Follows symbolic links inside a tree, as a process does whose root it is. Pure. */
import { find, type Tree } from './tree.ts'

/** As many as Linux follows before it gives up. */
const maxLinks = 40

/** What the kernel and systemd fill at boot, so that no tree can say what is there. */
const mounted = /^\/(proc|sys|dev|run)$/

const split = (path: string): string[] => path.split('/').filter(name => name !== '' && name !== '.')

/** Whether an absolute path ends at something that is there, or below what is mounted at boot. */
export function leadsSomewhere(tree: Tree, path: string): boolean {
  let todo = split(path)
  let at = ''
  for (let links = 0; links < maxLinks; ) {
    const [name, ...rest] = todo
    if (name === undefined || mounted.test(at)) return true
    todo = rest
    if (name === '..') {
      at = at.slice(0, Math.max(0, at.lastIndexOf('/')))
      continue
    }
    const entry = find(tree, `${at}/${name}`)
    if (entry?.target !== undefined) {
      links += 1
      todo = [...split(entry.target), ...rest]
      if (entry.target.startsWith('/')) at = ''
    } else if (entry || mounted.test(`${at}/${name}`)) at = `${at}/${name}`
    else return false
  }
  return false
}
