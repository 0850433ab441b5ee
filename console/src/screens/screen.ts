import type { Component } from 'vue'

/** A room of the console: its address, its place in the menu, who sees it. */
export interface Screen {
  path: string
  name: string
  title: { zh: string; en: string }
  group: 'work' | 'customers' | 'time' | 'rules' | 'company'
  order: number
  icon: Component
  /** Shown when the policy grants any of these; always when absent. */
  needs?: string[]
  component: () => Promise<Component>
}

export function defineScreen(screen: Screen): Screen {
  return screen
}

const rooms = import.meta.glob<{ default: Screen }>('./*/index.ts', { eager: true })

/** Every screen, in the order of the menu. */
export const screens: Screen[] = Object.values(rooms)
  .map((room) => room.default)
  .sort((left, right) => left.order - right.order)
