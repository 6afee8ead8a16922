/** Fails when a source file that git tracks has more lines than one can keep in mind, or when it saw none at all. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

const maxLines = 250

const listed = execFileSync('git', ['ls-files', '-z', '--', '*.ts', '*.mjs'], { encoding: 'utf8' })
// One that is deleted is listed until that is committed.
const deleted = execFileSync('git', ['ls-files', '-z', '--deleted'], { encoding: 'utf8' }).split('\0')
const paths = listed.split('\0').filter(path => path !== '' && !deleted.includes(path))
const linesOf = (path: string): number => readFileSync(path, 'utf8').split('\n').length - 1
const long = paths.map(path => ({ path, lines: linesOf(path) })).filter(({ lines }) => lines > maxLines)
for (const { path, lines } of long)
  console.error(`${path} has ${lines} lines, more than ${maxLines}: split it by what its parts are about`)
if (long.length > 0 || paths.length === 0) process.exit(1)
console.log(`file lengths: ${paths.length} files, none over ${maxLines} lines`)
