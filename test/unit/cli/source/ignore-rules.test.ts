import test from 'ava'
import { isIgnored, parseIgnoreRules } from '../../../../cli/source/ignore-rules.ts'

const ignored = (rules: string, path: string, isDirectory = false) =>
  isIgnored(parseIgnoreRules(rules), path, isDirectory)

test('a name matches at any depth, a path only from the top', t => {
  t.true(ignored('*.log', 'a/b/x.log'))
  t.true(ignored('node_modules/', 'a/node_modules', true))
  t.false(ignored('node_modules/', 'node_modules'))
  t.true(ignored('/x', 'x'))
  t.false(ignored('/x', 'a/x'))
  t.false(ignored('a/x', 'b/a/x'))
})

test('stars: one stays within a name, two cross directories', t => {
  t.false(ignored('a/*.py', 'a/b/c.py'))
  t.true(ignored('a/**/c.py', 'a/b/d/c.py'))
  t.true(ignored('a/**/c.py', 'a/c.py'))
  t.true(ignored('a/**', 'a/b/c'))
  t.true(ignored('?.py', 'x.py'))
})

test('the last rule that matches decides; comments, blanks and special characters are nothing special', t => {
  t.false(ignored('# c\n\n*.py\r\n!keep.py\n', 'keep.py'))
  t.true(ignored('!a.py\n*.py', 'a.py'))
  t.true(ignored('a+(b).$', 'a+(b).$'))
  t.false(ignored('a.b', 'axb'))
  t.true(ignored('\\#x', '#x'))
})
