/** Id of remote MCP servers in `mcp_connections.provider`, in addresses and in events: the one place that says it. */
export const UPSTREAM = 'upstream'
