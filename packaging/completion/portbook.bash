# SPDX-License-Identifier: ISC
# bash completion for portbook: what it offers, portbook itself says.

_portbook()
{
	local line status

	COMPREPLY=()
	# Up to the cursor; "--" keeps the words from being options.
	line=$("${COMP_WORDS[0]}" complete -- portbook \
		"${COMP_WORDS[@]:1:COMP_CWORD-1}" "${COMP_WORDS[COMP_CWORD]}" \
		2>/dev/null)
	status=$?
	if [ "$status" -ne 0 ]; then
		return # the shell's own files, by -o default
	fi
	compopt +o default 2>/dev/null
	while IFS=$'\t' read -r line _; do
		if [[ $line == *[!A-Za-z0-9_.,:=/+@%-]* ]]; then
			line=$(printf %q "$line")
		fi
		[ -n "$line" ] && COMPREPLY+=("$line")
	done <<< "$line"
	# Bash has parted "--format=js" already: only what is behind is its.
	if [[ ${COMP_WORDS[COMP_CWORD]} != *=* ]]; then
		COMPREPLY=("${COMPREPLY[@]##--*=}")
	fi
	# What ends so wants a value right behind it.
	if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *= ]]; then
		compopt -o nospace 2>/dev/null
	fi
}

complete -o default -F _portbook portbook
