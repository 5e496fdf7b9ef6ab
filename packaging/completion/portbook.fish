# SPDX-License-Identifier: ISC
# fish completion for portbook: what it offers, portbook itself says.

function __portbook_complete
	set -l words (commandline -opc)
	set -l last (commandline -ct)
	set -l output ($words[1] complete -- portbook $words[2..-1] "$last" 2>/dev/null)
	if test $status -ne 0
		__fish_complete_path "$last"
		return
	end
	printf '%s\n' $output
end

complete -c portbook -f -a '(__portbook_complete)'
