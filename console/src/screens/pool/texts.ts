import { defineTexts } from '@/texts'

export const texts = defineTexts(
  {
    label: '公海客户',
    query: '客户名称',
    category: '类别',
    claimable: '可领取',
    claimableFrom: '{time} 起可领取',
    claim: '领取',
    show: '详情',
    batchClaim: '批量领取',
    batchClaimSure: '将依次领取 {count} 个客户，每个各占 1 个名额（剩余 {left} 个）。',
    batchReviewSure:
      '将依次为 {count} 个客户提交领取申请，每个各占 1 个名额（剩余 {left} 个），审核通过后进入您的私有库。资料不完整的会跳过，请单独补全后申请。',
    batchResult: '批量领取结果',
    incomplete: '资料不完整，缺少：{fields}。请单独领取并补全。',
    empty: '公海里没有客户',
  },
  {
    label: 'Customers of the public pool',
    query: 'Customer name',
    category: 'Category',
    claimable: 'Can be claimed',
    claimableFrom: 'From {time} on',
    claim: 'Claim',
    show: 'Open',
    batchClaim: 'Claim',
    batchClaimSure:
      '{count} customers are claimed one by one; each takes 1 slot ({left} are left).',
    batchReviewSure:
      'Claims of {count} customers are submitted one by one; each takes 1 slot ({left} are left). Once approved they enter your library. Incomplete ones are left out: complete and claim them singly.',
    batchResult: 'Claims',
    incomplete: 'Incomplete: {fields}. Claim it singly and complete it.',
    empty: 'There is no customer in the pool',
  },
)
