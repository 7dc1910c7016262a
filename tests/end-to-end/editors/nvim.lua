-- Runs the definition as nvim-lint does: the buffer on standard input, what is printed to the parser.
local linter = dofile(vim.env.ROOT .. '/editors/nvim/cloudfront-lint.lua')
vim.cmd('edit broken.xml')
vim.api.nvim_buf_set_lines(0, 2, 2, true, { '<!-- not saved -->' })
local command = { linter.cmd }
for _, argument in ipairs(linter.args) do
  table.insert(command, type(argument) == 'function' and argument() or argument)
end
assert(linter.stdin and linter.stream == 'stdout' and linter.ignore_exitcode)
local text = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, true), '\n') .. '\n'
local diagnostics = linter.parser(vim.fn.system(command, text), 0, vim.fn.getcwd())
vim.diagnostic.set(vim.api.nvim_create_namespace('cloudfront-lint'), 0, diagnostics)
local seen = {}
for _, found in ipairs(vim.diagnostic.get(0)) do
  local range = vim.api.nvim_buf_get_text(0, found.lnum, found.col, found.end_lnum, found.end_col, {})
  table.insert(seen, table.concat({
    found.lnum + 1, vim.diagnostic.severity[found.severity], table.concat(range, '\n'), found.message .. ' [' .. found.code .. ']',
  }, ' | '))
end
vim.fn.writefile(seen, vim.env.SEEN)
vim.cmd('qall!')
