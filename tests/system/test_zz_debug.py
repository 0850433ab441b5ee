from tests.system.test_kill import *
from tests.system.test_kill import _column
def test_one(cluster):
    import time
    t=time.time(); flow=Flow(cluster,"成都蓝海科技有限公司"); r=flow.check(); print('check',time.time()-t); flow.submit(r); print('submit',time.time()-t); flow.approve(); print('approve',time.time()-t)
    try: until(flow.done, 20); print('done',time.time()-t)
    except AssertionError:
        for s in NAMES:
            print(s, _column(cluster,s,"select type||' '||coalesce(published_at::text,'-')||coalesce(last_error,'') from outbox"), _column(cluster,s,"select type||' '||coalesce(done_at::text,'-')||coalesce(last_error,'') from inbox"))
        raise
