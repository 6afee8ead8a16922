import test from 'ava'
import fc from 'fast-check'
import { type Json, objectOf, parseJson, renderJson, sortKeys } from '../../../../cli/format/json.ts'
import { shape } from '../../../../cli/format/model.ts'
import { functionModel, image, run } from '../../../../cli/format/models.ts'
import { renderYaml } from '../../../../cli/format/yaml.ts'

const shaped = (model: Parameters<typeof shape>[0], text: string, form: 'json' | 'yaml') =>
  renderJson(shape(model, objectOf(parseJson(text)), form))

test('JSON: model order, empty optional keys left out, the others always there', t => {
  t.is(
    shaped(image, '{"name":"i","tags":[],"baseImageName":"b","runtimeDependencies":{},"createdTime":0}', 'json'),
    '{"baseImageName":"b","groups":null,"name":"i","reason":null,"runtimeDependencies":{},"tags":[]}',
  )
  t.is(
    shaped(functionModel, '{"name":"f","image":"i","schema":{"in":null,"out":null}}', 'json'),
    '{"image":"i","handler":"","name":"f","reason":null,"schema":{},"secrets":null,"services":null,"tags":null}',
  )
})

test('an output of 0 or "" is an output; keys of a newer server come last', t => {
  t.regex(shaped(run, '{"output":0,"input":""}', 'json'), /"input":"","output":0,/)
  t.regex(shaped(run, '{"zeta":1,"alpha":2}', 'json'), /"tags":null,"alpha":2,"zeta":1\}$/)
})

test('free-form objects have their keys in byte order', t => {
  t.is(renderJson(sortKeys(parseJson('{"é":1,"b":{"Z":1,"a":2},"Z":3}'))), '{"Z":3,"b":{"Z":1,"a":2},"é":1}')
})

test('numbers keep their digits through JSON and YAML', t => {
  const numbers = '[12345678901234567890,1.0,1e3,-6795364578871345152,0]'
  t.is(renderJson(parseJson(numbers)), numbers)
  t.is(renderYaml(parseJson(numbers)), '- 12345678901234567890\n- 1.0\n- 1e3\n- -6795364578871345152\n- 0\n')
})

test('YAML quotes what would not be text otherwise, and writes lines as lines', t => {
  const text = renderYaml(parseJson('{"a":["true","12","1.0","null","","- x"],"b":"one\\ntwo\\n","c":{},"d":[]}'))
  t.is(text, 'a:\n- "true"\n- "12"\n- "1.0"\n- "null"\n- ""\n- "- x"\nb: |\n  one\n  two\nc: {}\nd: []\n')
})

test('any JSON comes back as it was', t => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), value => {
      const text = JSON.stringify(value)
      const parsed: Json = parseJson(text)
      t.deepEqual(JSON.parse(renderJson(parsed, 4)), JSON.parse(text))
    }),
  )
})
