/** File capabilities of an unpacked tree: rights that neither mode nor owner shows. */
import type { Shell } from '../shell.ts'

/** Path to capabilities, as in `cap_net_raw=ep`. */
export type Capabilities = ReadonlyMap<string, string>

/** From what `getcap -r /` prints: a path, a blank, capabilities with their flags. */
export function parseCapabilities(printed: string): Capabilities {
  const found = printed.matchAll(/^(\/.*?) ((?:cap_|=).*)$/gm)
  return new Map([...found].map(([, path = '', held = '']) => [path, held]))
}

/** By the tree's own getcap, which iproute2 needs. A line that cannot be read is no absence of rights. */
export async function listCapabilities(treeDir: string, shell: Shell): Promise<Capabilities> {
  const printed = await shell.run(['chroot', treeDir, 'getcap', '-r', '/'])
  const found = parseCapabilities(printed)
  const lines = printed.split('\n').filter(line => line !== '')
  if (lines.length !== found.size) throw new Error(`getcap says what is not understood:\n${printed}`)
  return found
}
