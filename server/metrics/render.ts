/** Renders metrics as Prometheus reads them. Nothing of it is loaded, and nothing measured, before somebody asks. */
import type { Histogram, Registry } from 'prom-client'
import type { Tallied } from '../core/tally.ts'
import {
  catalogue,
  type HistogramMetric,
  type Labels,
  type Metric,
  type NumberMetric,
  type Snapshot,
} from './catalogue.ts'

type Library = typeof import('prom-client')

export interface Page {
  type: string
  text: string
}

/** `read` is called once for each page. */
export function createRenderer(read: () => Promise<Snapshot>): () => Promise<Page> {
  let opened: Promise<(snapshot: Snapshot) => Promise<Page>> | undefined
  return async () => {
    opened ??= open()
    const render = await opened
    return render(await read())
  }
}

async function open(): Promise<(snapshot: Snapshot) => Promise<Page>> {
  const library = await import('prom-client')
  const registry = new library.Registry()
  library.collectDefaultMetrics({ register: registry })
  const fills = catalogue.map(metric => add(library, registry, metric))
  return async snapshot => {
    for (const fill of fills) fill(snapshot)
    return { type: registry.contentType, text: await registry.metrics() }
  }
}

type Fill = (snapshot: Snapshot) => void

const add = (library: Library, registry: Registry, metric: Metric): Fill =>
  metric.type === 'histogram' ? addHistogram(library, registry, metric) : addNumber(library, registry, metric)

function addNumber(library: Library, registry: Registry, { type, name, help, labels, read }: NumberMetric): Fill {
  const options = { name, help, labelNames: [...labels], registers: [registry] }
  const metric = type === 'counter' ? new library.Counter(options) : new library.Gauge(options)
  return snapshot => {
    // The totals are kept where they are counted; here is only their present state.
    metric.reset()
    // Without labels it would be 0 again, not absent.
    if (labels.length === 0) metric.remove({})
    for (const each of read(snapshot)) metric.inc(each.labels, each.value)
  }
}

/** The library's own histogram observes value by value; this one shows what is tallied already. */
function addHistogram(library: Library, registry: Registry, { name, help, labels, read }: HistogramMetric): Fill {
  const histogram = new library.Histogram({ name, help, labelNames: [...labels], registers: [registry] })
  let values: HistogramValues = []
  Object.assign(histogram, { getForPromString: async () => ({ name, help, type: 'histogram', values }) })
  return snapshot => {
    values = read(snapshot).flatMap(({ labels: of, tallied }) => planValues(name, of, tallied))
  }
}

type HistogramValues = Awaited<ReturnType<Histogram['get']>>['values']

/** Buckets are cumulative in this format. */
function planValues(name: string, labels: Labels, { bounds, counts, sum }: Tallied): HistogramValues {
  let count = 0
  const buckets = counts.map((each, index) => {
    count += each
    return { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[index] ?? '+Inf' }, value: count }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels, value: sum },
    { metricName: `${name}_count`, labels, value: count },
  ]
}
