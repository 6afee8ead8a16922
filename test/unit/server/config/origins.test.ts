/** The key cors-origins: origins as browsers write them, and nothing else. */
import test from 'ava'
import { parseOrigins } from '../../../../server/config/origins.ts'

test('origins, as many as are named', t => {
  t.deepEqual(parseOrigins(''), [])
  t.deepEqual(parseOrigins(' https://ui.example, http://localhost:3000,'), [
    'https://ui.example',
    'http://localhost:3000',
  ])
})

test('anything else is refused by its name', t => {
  for (const text of [
    '*',
    'null',
    'ui.example',
    'https://ui.example/',
    'https://UI.example',
    'https://u@ui.example',
    'https://ui.example:443',
    'ftp://ui.example',
    'file://',
  ])
    t.throws(() => parseOrigins(`https://a.example,${text}`), {
      message: new RegExp(`^cors-origins: "${text.replace('*', '\\*')}" is no origin`),
    })
})
