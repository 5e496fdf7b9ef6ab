<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: ISC -->
<!-- Portbook's own stylesheet: the registry as one page without scripts. -->
<xsl:stylesheet version="1.0"
    xmlns:xsl="http://www.w3.org/1999/XSL/Transform"
    xmlns="http://www.w3.org/1999/xhtml"
    xmlns:i="http://www.iana.org/assignments" exclude-result-prefixes="i">

<xsl:output method="xml" encoding="ASCII" indent="yes"
    omit-xml-declaration="yes"
    doctype-public="-//W3C//DTD XHTML 1.0 Strict//EN"
    doctype-system="http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd"/>

<xsl:key name="person" match="i:person" use="@id"/>
<xsl:key name="note" match="i:footnote" use="@anchor"/>
<xsl:variable name="file" select="'service-names-port-numbers'"/>
<xsl:variable name="iana" select="'https://www.iana.org/'"/>

<xsl:template match="/i:registry">
  <html>
    <head>
      <title><xsl:value-of select="i:title"/></title>
      <style type="text/css">table { border-collapse: collapse } td, th { border: 1px solid #bbb; padding: 0.2em 0.4em } dt { font-weight: bold } a.altformat { margin-right: 1em }</style>
    </head>
    <body>
      <div class="header">
        <div class="logo"><a href="{$iana}">Internet Assigned Numbers Authority</a></div>
        <div class="navigation">
          <ul>
            <li><a href="{$iana}domains">Domains</a></li>
            <li><a href="{$iana}protocols">Protocols</a></li>
            <li><a href="{$iana}numbers">Numbers</a></li>
            <li><a href="{$iana}about">About</a></li>
          </ul>
        </div>
      </div>
      <div class="article">
        <h1><xsl:value-of select="i:title"/></h1>
        <xsl:call-template name="head"/>
        <xsl:if test="i:record"><xsl:call-template name="records"/></xsl:if>
        <xsl:apply-templates select="i:people[i:person]"/>
        <xsl:if test="i:footnote"><xsl:call-template name="footnotes"/></xsl:if>
      </div>
      <div class="footer"><a href="{$iana}help/licensing-terms">Licensing Terms</a></div>
    </body>
  </html>
</xsl:template>

<xsl:template name="head">
  <dl>
    <xsl:if test="i:updated">
      <dt>Last Updated</dt><dd><xsl:value-of select="i:updated"/></dd>
    </xsl:if>
    <xsl:if test="i:expert">
      <dt>Expert(s)</dt><dd><pre><xsl:apply-templates select="i:expert"/></pre></dd>
    </xsl:if>
    <xsl:if test="i:xref">
      <dt>Reference</dt><dd><xsl:apply-templates select="i:xref"/></dd>
    </xsl:if>
    <xsl:for-each select="i:note">
      <dt>
        <xsl:value-of select="@title"/>
        <xsl:if test="not(@title)">Note</xsl:if>
      </dt>
      <dd><pre><xsl:apply-templates/></pre></dd>
    </xsl:for-each>
    <dt>Available Formats</dt>
    <dd>
      <xsl:if test="i:record"><a class="altformat" href="{$file}.csv">CSV</a></xsl:if>
      <a class="altformat" href="{$file}.xml">XML</a>
      <a class="altformat" href="{$file}.xhtml">HTML</a>
      <a class="altformat" href="{$file}.txt">Plain text</a>
    </dd>
  </dl>
</xsl:template>

<xsl:template name="records">
  <table id="table-service-names-port-numbers" class="sortable">
    <thead>
      <tr>
        <th>Service Name</th>
        <th class="sortNumeric">Port Number</th>
        <th>Transport Protocol</th>
        <th>Description</th>
        <th>Assignee</th>
        <th>Contact</th>
        <th>Registration Date</th>
        <th>Modification Date</th>
        <th>Reference</th>
        <th>Service Code</th>
        <th>Unauthorized Use Reported</th>
        <th>Assignment Notes</th>
      </tr>
    </thead>
    <tbody><xsl:apply-templates select="i:record"/></tbody>
  </table>
</xsl:template>

<xsl:template match="i:record">
  <xsl:variable name="people" select="i:xref[@type = 'person']"/>
  <tr>
    <td><xsl:value-of select="i:name"/></td>
    <td align="center"><xsl:value-of select="i:number"/></td>
    <td align="center"><xsl:value-of select="i:protocol"/></td>
    <td><xsl:apply-templates select="i:description"/></td>
    <td><xsl:apply-templates select="i:assignee/i:xref | $people[not(../i:assignee)]"/></td>
    <td><xsl:apply-templates select="$people"/></td>
    <td><xsl:value-of select="@date"/></td>
    <td><xsl:value-of select="@updated"/></td>
    <td><xsl:apply-templates select="i:xref[@type != 'person']"/></td>
    <td align="center"><xsl:value-of select="i:sc"/></td>
    <td><xsl:value-of select="i:unauthorized"/></td>
    <td><xsl:apply-templates select="i:note"/></td>
  </tr>
</xsl:template>

<xsl:template match="i:people">
  <xsl:variable name="org" select="i:person/i:org != ''"/>
  <h1 class="people">Contact Information</h1>
  <table class="sortable">
    <thead>
      <tr>
        <th>ID</th>
        <th>Name</th>
        <xsl:if test="$org"><th>Organization</th></xsl:if>
        <th>Contact URI</th>
        <th>Last Updated</th>
      </tr>
    </thead>
    <tbody>
      <xsl:for-each select="i:person">
        <tr>
          <td><a name="{@id}" id="{@id}">[<xsl:value-of select="@id"/>]</a></td>
          <td><xsl:value-of select="i:name"/></td>
          <xsl:if test="$org"><td><xsl:value-of select="i:org"/></td></xsl:if>
          <td><xsl:apply-templates select="i:uri[. != '']"/></td>
          <td><xsl:value-of select="i:updated"/></td>
        </tr>
      </xsl:for-each>
    </tbody>
  </table>
</xsl:template>

<xsl:template match="i:uri">
  <xsl:if test="position() > 1"><br/></xsl:if>
  <xsl:call-template name="link">
    <xsl:with-param name="href" select="string()"/>
    <xsl:with-param name="label" select="string()"/>
  </xsl:call-template>
</xsl:template>

<xsl:template name="footnotes">
  <h1>Footnote<xsl:if test="i:footnote[2]">s</xsl:if></h1>
  <table class="fn">
    <tbody>
      <xsl:for-each select="i:footnote">
        <tr>
          <td valign="top"><a name="note{@anchor}" id="note{@anchor}">[<xsl:value-of select="@anchor"/>]</a></td>
          <td><pre><xsl:apply-templates/></pre></td>
        </tr>
      </xsl:for-each>
    </tbody>
  </table>
</xsl:template>

<xsl:template match="i:br"><br/></xsl:template>

<xsl:template match="i:record//i:paragraph"><p><xsl:apply-templates/></p></xsl:template>

<!-- [label], a link where there is something to lead to. -->
<xsl:template match="i:xref">
  <xsl:variable name="own" select="normalize-space() != ''"/>
  <xsl:variable name="part" select="(@section | @page | @appendix | @table | @figure | @anchor)[../@type = 'rfc' or ../@type = 'draft']"/>
  <xsl:variable name="kind" select="name($part)"/>
  <xsl:text>[</xsl:text>
  <xsl:call-template name="link">
    <xsl:with-param name="href">
      <xsl:choose>
        <xsl:when test="@type = 'person' and key('person', @data)">#<xsl:value-of select="@data"/></xsl:when>
        <xsl:when test="@type = 'note' and key('note', @data)">#note<xsl:value-of select="@data"/></xsl:when>
        <xsl:when test="@type = 'draft' and starts-with(@data, 'RFC-')"><xsl:value-of select="concat($iana, 'go/draft-', substring(@data, 5))"/></xsl:when>
        <xsl:when test="@type = 'rfc' or @type = 'draft'"><xsl:value-of select="concat($iana, 'go/', @data)"/></xsl:when>
        <xsl:when test="@type = 'uri'"><xsl:value-of select="@data"/></xsl:when>
      </xsl:choose>
      <xsl:if test="$part and $kind != 'anchor'"><xsl:value-of select="concat('#', $kind, '-', $part)"/></xsl:if>
      <xsl:if test="$kind = 'anchor'">#<xsl:value-of select="$part"/></xsl:if>
    </xsl:with-param>
    <xsl:with-param name="label">
      <xsl:choose>
        <xsl:when test="$own and @type != 'person' and @type != 'note'"><xsl:value-of select="."/></xsl:when>
        <xsl:when test="@type = 'rfc'"><xsl:value-of select="translate(@data, 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ')"/></xsl:when>
        <xsl:otherwise><xsl:value-of select="@data"/></xsl:otherwise>
      </xsl:choose>
      <xsl:if test="$part and not($own) and $kind != 'anchor'"><xsl:value-of select="concat(', ', translate(substring($kind, 1, 1), 'spatf', 'SPATF'), substring($kind, 2), ' ', $part)"/></xsl:if>
      <xsl:if test="$kind = 'anchor' and not($own)">#<xsl:value-of select="$part"/></xsl:if>
    </xsl:with-param>
  </xsl:call-template>
  <xsl:text>]</xsl:text>
</xsl:template>

<!-- Addresses of other kinds than these, such as scripts, stay text. -->
<xsl:template name="link">
  <xsl:param name="href"/>
  <xsl:param name="label"/>
  <xsl:variable name="scheme" select="concat('|', substring-before($href, ':'), '|')"/>
  <xsl:choose>
    <xsl:when test="starts-with($href, '#') or contains('|http|https|ftp|mailto|tel|', $scheme)"><a href="{$href}"><xsl:value-of select="$label"/></a></xsl:when>
    <xsl:otherwise><xsl:value-of select="$label"/></xsl:otherwise>
  </xsl:choose>
</xsl:template>

</xsl:stylesheet>
