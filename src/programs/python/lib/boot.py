import sys
import js
_v = js.call('version').split('.')
sys.path[:] = ['/usr/local/lib/python' + _v[0] + '.' + _v[1]]
import _site
_site.main()
