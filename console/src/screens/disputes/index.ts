import { ScaleToOriginal } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'disputes',
  name: 'disputes',
  title: { zh: '争议与业绩', en: 'Disputes and credits' },
  group: 'rules',
  order: 310,
  icon: ScaleToOriginal,
  needs: [
    'ownership.dispute.read',
    'ownership.dispute.credits',
    'ownership.dispute.raise_one',
    'ownership.dispute.appeal',
    'activity.signings.read',
    'activity.signings.record',
  ],
  component: () => import('./DisputesScreen.vue'),
})
