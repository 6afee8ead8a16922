/** Plans the configuration of an image that is made of a container: that of the container's own image. Pure. */

interface Config {
  Env?: string[] | null | undefined
  Cmd?: string | string[] | null | undefined
  Entrypoint?: string | string[] | null | undefined
  Labels?: Record<string, string> | null | undefined
}

/**
 * The body of Docker's commit request. Docker adds what the container has and the request has not: so whatever the image does not
 * have is asked for as empty.
 */
export const planCommit = <T extends Config>(image: T, container: Config, labels: Record<string, string>) => ({
  ...image,
  Env: [...emptied(container.Env ?? [], image.Env ?? []), ...(image.Env ?? [])],
  Cmd: image.Cmd ?? [],
  Entrypoint: image.Entrypoint ?? [],
  Labels: {
    ...Object.fromEntries(Object.keys(container.Labels ?? {}).map(name => [name, ''])),
    ...image.Labels,
    ...labels,
  },
})

const nameOf = (variable: string): string => variable.split('=', 1)[0] ?? ''

function emptied(variables: string[], own: string[]): string[] {
  const known = new Set(own.map(nameOf))
  return variables
    .map(nameOf)
    .filter(name => !known.has(name))
    .map(name => `${name}=`)
}
