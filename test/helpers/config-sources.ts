/** Configuration loaded from sources that a test gives. */
import { type ConfigSources, loadConfig } from '../../server/config.ts'

export interface Given extends Partial<ConfigSources> {
  files?: Record<string, string>
}

export function load({ files = {}, ...given }: Given = {}) {
  const readFile = (path: string): string => {
    const text = files[path]
    if (text === undefined) throw new Error(`ENOENT: no such file or directory, open '${path}'`)
    return text
  }
  return loadConfig({ argv: [], env: {}, readFile, cwd: '/srv', version: '1.2.3', memoryBytes: 4 * 2 ** 30, ...given })
}

export function run(given: Given = {}) {
  const loaded = load(given)
  if (loaded.mode !== 'run') throw new Error(`mode ${loaded.mode}`)
  return loaded
}

export const fileOf = (text: string, name = '/srv/c.yaml'): Given => ({
  argv: ['--config', name],
  files: { [name]: text },
})
