import { Switch } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'distribution',
  name: 'distribution',
  title: { zh: '回收与分配', en: 'Reclaim and distribution' },
  group: 'time',
  order: 210,
  icon: Switch,
  needs: [
    'ownership.runs.read',
    'ownership.distribution.collector',
    'ownership.distribution.planner',
  ],
  component: () => import('./DistributionScreen.vue'),
})
