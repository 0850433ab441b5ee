import { ChatLineRound } from '@element-plus/icons-vue'
import { defineScreen } from '../screen'

export default defineScreen({
  path: 'follow-ups',
  name: 'follow-ups',
  title: { zh: '跟进', en: 'Follow-ups' },
  group: 'customers',
  order: 115,
  icon: ChatLineRound,
  needs: ['activity.follow_ups.read', 'activity.follow_ups.record'],
  component: () => import('./FollowUpsScreen.vue'),
})
