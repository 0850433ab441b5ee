import { DataAnalysis } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'insights',
  name: 'insights',
  title: { zh: '看板', en: 'Insights' },
  group: 'work',
  order: 50,
  icon: DataAnalysis,
  needs: [
    'ownership.library.readers',
    'ownership.claim.permission',
    'review.operations.read_decisions',
  ],
  component: () => import('./InsightsScreen.vue'),
})
