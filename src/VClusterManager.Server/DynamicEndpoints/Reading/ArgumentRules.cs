using VClusterManager.Server.DynamicEndpoints.Definitions;

namespace VClusterManager.Server.DynamicEndpoints.Reading;

/// <summary>
/// The rules for arguments that hold whatever callers send: the verb is the operator's, flags that change who asks whom
/// are nobody's, and a value can be neither a flag nor the name of a file of the server's.
/// </summary>
internal sealed class ArgumentRules(
    string command,
    WrittenArguments written,
    Func<string, ParameterDefinition?> parameter,
    ErrorList errors
)
{
    private readonly IReadOnlyList<WrittenArgument> _arguments = written.All;
    private readonly string _verb = written.All is [{ Template.IsLiteral: true } first, ..]
        ? first.Template.Written
        : "";

    public void Check()
    {
        CheckVerb();
        CheckSubverb();
        foreach (var argument in _arguments)
        {
            CheckFlag(argument);
        }

        if (command == CommandRules.VCluster)
        {
            CheckNeeded();
        }
    }

    /// <summary>Whether it changes something, as far as is known.</summary>
    public bool Changes() =>
        CommandRules.Changes(
            command,
            _verb,
            _arguments is [_, { Template: { IsLiteral: true } second, Planned.OnlyWith: null }, ..]
                ? second.Written
                : null
        );

    private void CheckVerb()
    {
        var known = command is CommandRules.Kubectl or CommandRules.VCluster;
        if (_arguments is not [var first, ..] || _verb.Length == 0 || _verb[0] == '-')
        {
            if (known && _arguments.Count > 0)
            {
                Fail(
                    _arguments[0],
                    $"must be the verb of {command}, written out: it comes first, and not from a caller"
                );
            }

            return;
        }

        if (CommandRules.WrongVerb(command, _verb) is { } wrong)
        {
            Fail(first, wrong);
        }
    }

    /// <summary>Behind some verbs the next word may be a verb again: callers choose it from a list, or not at all.</summary>
    private void CheckSubverb()
    {
        if (command != CommandRules.Kubectl || !CommandRules.WithSubverbs.Contains(_verb) || _arguments.Count < 2)
        {
            return;
        }

        var second = _arguments[1];
        if (second.Template.Written == "edit-last-applied")
        {
            Fail(second, "edit-last-applied opens a session: no endpoint can hold one");
        }

        var settled =
            second is { IsFlag: false, Planned.OnlyWith: null } && (second.Template.IsLiteral || IsChosen(second));
        foreach (var open in _arguments.Skip(1).Where(a => !settled && a.IsOpenWord && !IsChosen(a)))
        {
            Fail(open, $"could be a verb behind {_verb}: write that one out right behind it, or make this an enum");
        }
    }

    private void CheckNeeded()
    {
        foreach (var (verb, flag, why) in CommandRules.NeededByVCluster.Where(n => n.Verb == _verb))
        {
            if (!_arguments.Any(a => a.Template.Written == flag && a.Planned.OnlyWith is null))
            {
                Fail(_arguments[0], $"vcluster {verb} needs {flag} here: {why}");
            }

            // The last one counts.
            foreach (var other in _arguments.Where(a => a.Template.Written != flag && IsNamed(a, flag)))
            {
                Fail(other, $"vcluster {verb} needs {flag} here, and nothing else said of it: {why}");
            }
        }
    }

    private static bool IsNamed(WrittenArgument argument, string flag) =>
        argument.NameOfLong is { } name && flag[2..].Split('=')[0] == name;

    private void CheckFlag(WrittenArgument argument)
    {
        if (argument.Planned.IsBehindDashes)
        {
            return;
        }

        if (argument.IsDashes)
        {
            if (written.Taker(argument) is { } flag)
            {
                Fail(
                    argument,
                    $"could be taken for the value of {flag.Template.Written} before it: write that one with '='"
                );
            }
        }
        else if (argument.NameOfLong is { } name)
        {
            CheckLongFlag(argument, name);
        }
        else if (argument.IsFlag)
        {
            CheckShortFlags(argument);
        }
        else if (argument.IsOpenWord)
        {
            foreach (var flag in written.MayTake(argument))
            {
                CheckValue(argument, flag.TakesNext!);
            }
        }
    }

    private void CheckLongFlag(WrittenArgument argument, string name)
    {
        var template = argument.Template;
        if (!template.IsLiteral && !template.Head.Contains('=', StringComparison.Ordinal))
        {
            Fail(argument, "the name of a flag cannot come from a caller: write --flag={value}");
            return;
        }

        CheckName(argument, name, "--" + name);
        if (!template.IsLiteral)
        {
            CheckValue(argument, name);
        }
    }

    /// <summary>Several short flags may stand in one word, the last one with its value.</summary>
    private void CheckShortFlags(WrittenArgument argument)
    {
        if (!argument.Template.IsLiteral)
        {
            Fail(argument, "a value behind a short flag could be read as more flags: write --flag={value}");
            return;
        }

        foreach (var flag in argument.Template.Written[1..].TakeWhile(c => c != '='))
        {
            CheckName(argument, flag.ToString(), $"-{flag}");
            if (CommandRules.ShortWithValue.Contains(flag))
            {
                return;
            }
        }
    }

    private void CheckName(WrittenArgument argument, string name, string shown)
    {
        // vcluster is silent by it.
        var isServer = shown == "-s" && command != CommandRules.VCluster;
        if (isServer || CommandRules.DeniedFlags.Contains(name))
        {
            Fail(argument, $"may not be {shown}: who asks whom, and how, is not for an endpoint to change");
        }
        else if (command == CommandRules.Kubectl && CommandRules.OpensSession(_verb, name))
        {
            Fail(argument, $"may not be {shown}: it opens a session, and no endpoint can hold one");
        }
    }

    private void CheckValue(WrittenArgument argument, string flag)
    {
        // Of kubectl logs, -f is no file.
        var isFollow = flag == "f" && _verb == "logs";
        if (CommandRules.FileFlags.Contains(flag) && !isFollow)
        {
            Fail(
                argument,
                "callers cannot name files of the server: let them send it, and read it from stdin with '-'"
            );
        }
        else if (flag == "raw" && !argument.Template.Parameters.All(IsPartOfPath))
        {
            Fail(argument, "what is asked for as it is may hold enums, numbers and parameters of type k8s-name alone");
        }
        else if (CommandRules.FormatFlags.Contains(flag) && !IsChosen(argument))
        {
            Fail(argument, "a format may name a file of the server: make the parameter an enum");
        }
    }

    /// <summary>All that a caller can put into it is written in the file, or harmless everywhere.</summary>
    private bool IsChosen(WrittenArgument argument) => argument.Template.Parameters.All(IsChosen);

    private bool IsChosen(string name) =>
        parameter(name) is { Choices: not null } or { ValueType: ParameterType.Boolean or ParameterType.Integer };

    private bool IsPartOfPath(string name) => IsChosen(name) || parameter(name) is { ValueType: ParameterType.K8sName };

    private void Fail(WrittenArgument argument, string message) => errors.Add(argument.At, argument.Key, message);
}
