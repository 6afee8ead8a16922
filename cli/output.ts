/** Owns how objects of the server reach the screen: a table, JSON or YAML. */
import type { ObjectFormat } from './config/settings.ts'
import { type Json, objectOf, renderJson, textOf } from './format/json.ts'
import { type Model, shape } from './format/model.ts'
import { cleanText } from './format/terminal.ts'

/** One object or a list of them; anything else is shown as it came. */
function shapeAny(model: Model, value: Json, form: 'json' | 'yaml'): Json {
  if (Array.isArray(value)) return value.map(item => shape(model, objectOf(item), form))
  return value === null ? null : shape(model, objectOf(value), form)
}

/** Events have an id alone. */
const nameOf = (value: Json): string => {
  const { name, id } = objectOf(value)
  return textOf(name) || textOf(id)
}

/** Ends with a newline, unless there is nothing to name. */
export async function renderObject(value: Json, model: Model, format: Exclude<ObjectFormat, 'table'>): Promise<string> {
  if (format === 'name')
    return [value]
      .flat()
      .map(each => `${cleanText(nameOf(each))}\n`)
      .join('')
  if (format === 'json') return `${renderJson(shapeAny(model, value, 'json'), 4)}\n`
  const { renderYaml } = await import('./format/yaml.ts')
  return renderYaml(shapeAny(model, value, 'yaml'))
}
