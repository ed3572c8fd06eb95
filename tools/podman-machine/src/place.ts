/** Where a file is: in a machine, or here. */
export interface Place {
  machine?: string
  user?: string
  path: string
}

const PLACE = /^(?:([^@/\\:]+)@)?([^@/\\:]+):(.*)$/s

/** `[[USER@]NAME:]PATH`. `localhost:` is here, and so is what begins with a drive of Windows. */
export function parsePlace(text: string, platform: NodeJS.Platform = process.platform): Place {
  if (platform === 'win32' && /^[A-Za-z]:[\\/]/.test(text)) return { path: text }
  const [, user, machine, path] = PLACE.exec(text) ?? []
  if (machine === undefined || path === undefined) return { path: text }
  if (machine === 'localhost') return { path }
  return { machine, ...(user !== undefined && { user }), path }
}
