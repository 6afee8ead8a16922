/** Ports of the appliance as data: firewall, set-up page and console agree by it. */

/** What the network sees. */
export const publicPorts = { ssh: 22, http: 80, https: 443, api: 8080, gateway: 8081, apiTls: 8443 } as const

/** Where the server listens for TLS of its gateway; the network reaches it by 443. */
export const gatewayTlsPort = 8444

/** Where the set-up page's process listens. The network reaches them only by the public ports that are redirected to them. */
export const setupPorts = {
  /** TLS: the page; by 443. */
  page: 4430,
  /** HTTP: to the page; by 80. */
  redirect: 4431,
  /** HTTP 503, until the appliance is claimed; by 8080 and 8081. */
  refusal: 4432,
  /** The same by TLS; by 8443. */
  refusalTls: 4433,
} as const
