using YamlDotNet.Core;

namespace VCluster.StandIn.Yaml;

/// <summary>A text that is not YAML, told in the words of Go's parser (such as <c>yaml: line 2: did not find expected node content</c>).</summary>
internal sealed class YamlTextException(string message) : Exception(message)
{
    /// <summary>Both parsers descend from libyaml: same problems, other punctuation, and Go counts a parser's lines from 0.</summary>
    public static YamlTextException From(YamlException exception)
    {
        var text = exception.Message;
        var comma = text.StartsWith("While ", StringComparison.Ordinal)
            ? text.IndexOf(", ", StringComparison.Ordinal)
            : -1;
        var problem = (comma < 0 ? text : text[(comma + 2)..]).TrimEnd('.');
        problem = char.ToLowerInvariant(problem[0]) + problem[1..];
        problem = problem == "found invalid mapping" ? "mapping values are not allowed in this context" : problem;
        var line = exception.Start.Line - 1;
        line += line > 0 && exception is SyntaxErrorException ? 1 : 0;
        return new YamlTextException(line > 0 ? $"yaml: line {line}: {problem}" : $"yaml: {problem}");
    }
}
