/** The colours of the house for plots: each 3:1 at least on white, but `pale`, for what is left over. */
export const COLOURS = {
  blue: '#1f5fbf',
  orange: '#b8630a',
  green: '#1d7a3e',
  red: '#c62828',
  pale: '#c3cedd',
  grey: '#6b7280',
  violet: '#6d3fb0',
}
