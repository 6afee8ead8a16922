/** Owns how objects of the server reach the screen: a table, JSON or YAML. */
import type { OutputFormat } from './config/settings.ts'
import { type Json, objectOf, renderJson } from './format/json.ts'
import { type Model, shape } from './format/model.ts'

/** One object or a list of them; anything else is shown as it came. */
function shapeAny(model: Model, value: Json, form: 'json' | 'yaml'): Json {
  if (Array.isArray(value)) return value.map(item => shape(model, objectOf(item), form))
  return value === null ? null : shape(model, objectOf(value), form)
}

/** Ends with a newline. */
export async function renderObject(value: Json, model: Model, format: Exclude<OutputFormat, 'table'>): Promise<string> {
  if (format === 'json') return `${renderJson(shapeAny(model, value, 'json'), 4)}\n`
  const { renderYaml } = await import('./format/yaml.ts')
  return renderYaml(shapeAny(model, value, 'yaml'))
}
