/** The text of an editor: left as it is, it says exactly what the object says. */

import test from 'ava'
import fc from 'fast-check'
import { editableOf } from '../../../../cli/documents/editable.ts'
import { checkDocuments } from '../../../../cli/documents/read.ts'
import { objectOf, parseJson, renderJson, sortKeys } from '../../../../cli/format/json.ts'
import { renderYaml } from '../../../../cli/format/yaml.ts'
import { resources } from '../../../../cli/resources.ts'

const options = { resource: resources.function, organization: 'dispatch' }
const key = fc.string().filter(name => name !== '<<')
const word = fc.oneof(
  fc.string(),
  fc.constantFrom('no', '0777', '1e3', '.5', '~', 'null', '- a', '"', 'a: b', ' x', '0x1F'),
)
const { json } = fc.letrec(tie => ({
  json: fc.oneof(
    { depthSize: 'small' },
    word,
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter(value => !Object.is(value, -0)),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('json'), { maxLength: 4 }),
    fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true }),
  ),
}))

test('schemas, handlers and tags come back as they were', t => {
  const property = fc.property(json, word, word, (schema, handler, value) => {
    const object = objectOf(
      parseJson(JSON.stringify({ name: 'f', handler, schema: { in: schema }, tags: [{ key: 'k', value }] })),
    )
    const text = renderYaml(editableOf(object, options))
    const [document] = checkDocuments(text, 'f')
    const read = objectOf(document?.object)
    t.is(renderJson(objectOf(read.schema).in ?? null), renderJson(sortKeys(objectOf(object.schema).in ?? null)), text)
    t.deepEqual([read.handler, objectOf(Array.isArray(read.tags) ? read.tags[0] : null).value], [handler, value], text)
  })
  fc.assert(property, { numRuns: 300 })
})

test('the paths of an API lose the organization that the server will put before them again', t => {
  const model = { hosts: { type: 'texts' }, name: { type: 'text' }, uris: { type: 'texts' } } as const
  const resource = { ...resources.function, kind: 'API', model }
  const edited = (api: string) => editableOf(objectOf(parseJson(api)), { resource, organization: 'dispatch' }).uris
  const uris = '["/dispatch/hello", "/dispatch/dispatch/x", "/dispatched", "/dispatch/"]'
  t.deepEqual(edited(`{"uris": ${uris}}`), ['/hello', '/dispatch/x', '/dispatched', '/'])
  t.deepEqual(edited('{"uris": ["/dispatch/hello"], "hosts": ["a.test"]}'), ['/dispatch/hello'])
})
