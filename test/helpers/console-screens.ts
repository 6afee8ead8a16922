/** What agents may tell a console, from `test/fixtures/console`: states of appliances, and hostile ones. */
import { globSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseShown } from '../../provisioning/console/demo-file.ts'
import type { Shown } from '../../provisioning/console/view.ts'

const folder = fileURLToPath(new URL('../fixtures/console/', import.meta.url))

export const shownNames: readonly string[] = globSync('*.json', { cwd: folder })
  .map(file => basename(file, '.json'))
  .sort()

export const shownFile = (name: string): string => join(folder, `${name}.json`)

export const loadShown = (name: string): { shown: Shown; nowMs: number } =>
  parseShown(readFileSync(shownFile(name), 'utf8'))
