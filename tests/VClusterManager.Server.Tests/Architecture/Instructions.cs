using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Reflection;
using System.Reflection.Emit;

namespace VClusterManager.Server.Tests.Architecture;

/// <summary>Walks through the instructions of a method for the members that they name.</summary>
internal static class Instructions
{
    private static readonly FrozenDictionary<short, OpCode> OpCodesByValue = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(f => (OpCode)f.GetValue(null)!)
        .ToFrozenDictionary(o => o.Value);

    public static IEnumerable<MemberInfo> MembersIn(MethodBase method, MethodBody body)
    {
        var code = body.GetILAsByteArray() ?? [];
        for (var at = 0; at < code.Length; )
        {
            var opCode = ReadOpCode(code, ref at);
            if (
                NamesMember(opCode)
                && Resolve(method, BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))) is { } member
            )
            {
                yield return member;
            }

            at += OperandSize(opCode, code, at);
        }
    }

    private static OpCode ReadOpCode(byte[] code, ref int at)
    {
        short value = code[at++];
        if (value == 0xFE)
        {
            value = unchecked((short)(0xFE00 | code[at++]));
        }

        return OpCodesByValue[value];
    }

    private static bool NamesMember(OpCode opCode) =>
        opCode.OperandType
            is OperandType.InlineField
                or OperandType.InlineMethod
                or OperandType.InlineTok
                or OperandType.InlineType;

    private static int OperandSize(OpCode opCode, byte[] code, int at) =>
        opCode.OperandType switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BinaryPrimitives.ReadInt32LittleEndian(code.AsSpan(at))),
            _ => 4,
        };

    private static MemberInfo? Resolve(MethodBase method, int token)
    {
        var ofType = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var ofMethod = method.IsGenericMethod ? method.GetGenericArguments() : null;
        return method.Module.ResolveMember(token, ofType, ofMethod);
    }
}
