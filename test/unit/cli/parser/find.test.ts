import test from 'ava'
import type { CommandNode } from '../../../../cli/command.ts'
import { editDistance } from '../../../../cli/parser/edit-distance.ts'
import { findCommand } from '../../../../cli/parser/find.ts'
import { globalFlags } from '../../../../cli/parser/global-flags.ts'
import { suggestCommands } from '../../../../cli/parser/suggest.ts'

const leaf = (name: string, ...aliases: string[]): CommandNode => ({ name, aliases, summary: '' })
const root: CommandNode = {
  name: 'dispatch',
  summary: '',
  children: [
    { name: 'get', summary: '', suggestFor: ['list'], children: [leaf('image', 'images'), leaf('function')] },
    leaf('exec'),
    leaf('version', '--version'),
  ],
}

const find = async (line: string) => {
  const { path, rest } = await findCommand(root, line.split(' ').filter(Boolean), globalFlags)
  return [path.map(({ name }) => name).join(' '), rest.join(' ')]
}

test('words lead down the tree, flags on the way stay', async t => {
  t.deepEqual(await find('get images x -o json'), ['dispatch get image', 'x -o json'])
  t.deepEqual(await find('-o json get --host get image'), ['dispatch get image', '-o json --host get'])
  t.deepEqual(await find('--json get image'), ['dispatch get image', '--json'])
  t.deepEqual(await find('-ojson exec f'), ['dispatch exec', '-ojson f'])
  t.deepEqual(await find('-o json --version'), ['dispatch version', '-o json'])
  t.deepEqual(await find('exec --version'), ['dispatch exec', '--version'])
})

test('a flag that is not known yet takes no command away', async t => {
  t.deepEqual(await find('--wait exec f'), ['dispatch exec', '--wait f'])
  t.deepEqual(await find('--input {} exec f'), ['dispatch exec', '--input {} f'])
})

test('the way ends at an unknown word, at -- and at a value of a known flag', async t => {
  t.deepEqual(await find('get nope image'), ['dispatch get', 'nope image'])
  t.deepEqual(await find('get -- image'), ['dispatch get', '-- image'])
  t.deepEqual(await find('--organization get'), ['dispatch', '--organization get'])
})

test('suggestions: two edits, a beginning, or another word for it', t => {
  t.deepEqual(
    ['gett', 'exe', 'list', 'zzzzz'].map(word => suggestCommands(root, word)),
    [['get'], ['exec'], ['get'], []],
  )
  t.deepEqual([editDistance('kitten', 'sitting'), editDistance('', 'abc'), editDistance('Get', 'get')], [3, 3, 0])
})
