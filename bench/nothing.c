/* SPDX-License-Identifier: ISC */
/* A program that does nothing, linked as portbook is. */
int main(void)
{
	return 0;
}
