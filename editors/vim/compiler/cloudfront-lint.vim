" :compiler cloudfront-lint, then :make % or :make cdn/
if exists('current_compiler') | finish | endif
let current_compiler = 'cloudfront-lint'

" Vim counts columns in bytes.
CompilerSet makeprg=cloudfront-lint\ check\ --quiet\ --color\ never\ --output\ concise\ --column-unit\ bytes
CompilerSet errorformat=%f:%l:%c:\ %t%*[a-z]:\ %m
