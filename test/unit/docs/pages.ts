/** Reads the written pages: which there are, and what in them can be checked against the repository. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'

export const repository = fileURLToPath(new URL('../../../', import.meta.url))

export interface Page {
  /** From the repository's root. */
  path: string
  text: string
}

export const loadPage = (path: string): Page => ({ path, text: readFileSync(join(repository, path), 'utf8') })

export const loadPages = (): Page[] =>
  globSync(['*.md', 'docs/**/*.md', 'server/**/*.md'], { cwd: repository }).sort().map(loadPage)

const fence = /^```[^\n]*\n[\s\S]*?^```$/gm

/** Everything but fenced blocks, which hold commands and what they print. */
const proseOf = ({ text }: Page): string => text.replace(fence, '')

export interface Link {
  /** From the repository's root; the page itself for a bare anchor. */
  path: string
  anchor: string
}

/** Links and pictures that stay inside the repository. */
export function parseLinks(page: Page): Link[] {
  const targets = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(match => match[1] ?? '')
  return targets
    .filter(target => !/^[a-z]+:/.test(target))
    .map(target => {
      const [path = '', anchor = ''] = target.split('#')
      return { path: path === '' ? page.path : normalize(join(dirname(page.path), path)), anchor }
    })
}

/** The anchors that a reader's browser makes of headings. */
export const parseAnchors = (page: Page): string[] =>
  [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  )

const rooms = ['server', 'cli', 'ova', 'packer', 'provisioning', 'test', 'docs', '.ci']

/** Paths of the repository in backticks, as patterns: `<anything>` and `*` stand for any name. */
export function parsePaths(page: Page): string[] {
  const quoted = [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(match => match[1] ?? '')
  const isPath = (text: string) => /^[\w./<>{},*-]+$/.test(text) && rooms.includes(text.split('/')[0] ?? '')
  return quoted.filter(text => text.includes('/') && isPath(text)).map(text => text.replace(/<[^>]+>/g, '*'))
}

/** Names of npm scripts that the page tells its reader to run. */
export const parseScripts = ({ text }: Page): string[] => [
  ...[...text.matchAll(/\bnpm run ([\w:]+)/g)].map(match => match[1] ?? ''),
  ...[...text.matchAll(/\bnpm (test|start)\b/g)].map(match => match[1] ?? ''),
]

/** The cells of every row of the page's tables, heads left out. */
export function parseTables({ text }: Page): string[][] {
  const rows = text.split('\n').filter(line => line.startsWith('|'))
  const isRule = (row: string | undefined) => row !== undefined && /^\|[\s|:-]+$/.test(row)
  const body = rows.filter((row, index) => !isRule(row) && !isRule(rows[index + 1]))
  return body.map(row =>
    row
      .slice(1, -1)
      .split('|')
      .map(cell => cell.trim()),
  )
}

export const unquote = (cell: string): string => cell.replace(/^`|`$/g, '')
